/** The answer mass below which a score is not trusted, unless the user says otherwise. */
export const DEFAULT_TRUST_THRESHOLD = 0.5;
