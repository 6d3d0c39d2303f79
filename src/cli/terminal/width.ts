// What only tables and terminals need: its tables of characters take a while to load.
import cliTruncate from "cli-truncate";
import stringWidth from "string-width";

export { stringWidth as width };

/** As many columns at most, the rest an ellipsis. */
export function shorten(text: string, columns: number, position: "middle" | "end" = "end"): string {
  return stringWidth(text) <= columns ? text : cliTruncate(text, Math.max(1, columns), { position });
}

/** Filled up with spaces. */
export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}
