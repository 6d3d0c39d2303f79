/** The oldest Node that this runs on, as `engines` in package.json has it. */
export const OLDEST_NODE = "20.19.0";

/** Why a version of Node is refused; undefined for one that will do. Written for what old versions can read. */
export function refusedNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `Expected Node ${OLDEST_NODE} or later but this is ${version}. Install a newer one, from https://nodejs.org or with your version manager.`;
}
