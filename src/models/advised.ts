/**
 * The model of the catalogue to name where the bundled one was never taught what is asked: a general one that can be
 * downloaded, of known hashes and a free licence.
 */
export const ADVISED_MODEL = "smolvlm2-2.2b";
