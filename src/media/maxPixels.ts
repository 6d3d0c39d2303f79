/** Pixels of pictures and frames in memory at once, unless the user says otherwise: 8192 × 8192, 201 MB decoded. */
export const MAX_PIXELS = 2 ** 26;
