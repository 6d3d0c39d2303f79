import { homedir } from "node:os";

/** The user's home folder, where there is one: neither HOME nor an entry of the system is certain. */
export function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return home.length > 1 ? home : undefined;
  } catch {
    return undefined;
  }
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The same with the home folder written as `~`, in every text of it: who sends it need not say who they are. */
export function withoutHome<T>(value: T, home = homeFolder()): T {
  if (home === undefined) return value;
  const pattern = new RegExp(`${literal(home)}(?=$|[^\\w.-])`, "g");
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return part.replace(pattern, "~");
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value) as T;
}
