/** The part of picomatch, which has no types of its own, that is used here. */
declare module "picomatch" {
  export default function picomatch(
    pattern: string,
    options?: { posix?: boolean },
  ): (text: string) => boolean;
}
