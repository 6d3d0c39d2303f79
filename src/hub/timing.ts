/** How long a server is waited for; tests have less patience. */
export interface Timing {
  /** Milliseconds until a connection stands. */
  readonly connect: number;
  /** Milliseconds in which nothing arrives. */
  readonly silence: number;
  /** Attempts in a row that bring nothing. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubled before each further one. */
  readonly pause: number;
  /** Milliseconds that a server may ask us to wait at most; a longer wait is the user's. */
  readonly mostPause: number;
}

export const patient: Timing = {
  connect: 10_000,
  silence: 30_000,
  attempts: 5,
  pause: 500,
  mostPause: 60_000,
};
