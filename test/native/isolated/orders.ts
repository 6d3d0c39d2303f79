/** What the first sample of a picture tells crashingEngine.ts to do. */
export const ABORT = 1;
export const KILL = 2;
export const HANG = 3;
