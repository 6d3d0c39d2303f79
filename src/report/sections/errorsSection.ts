import type { ErrorResult } from "../../results/result.js";
import { type Html, markup } from "../page/html.js";

/** What could not be scored, and why. */
export function errorsSection(errors: readonly ErrorResult[]): Html {
  const row = ({ input, error }: ErrorResult): Html =>
    markup`<tr>
      <th>${input.path ?? "in memory"}</th>
      <td>${error.message}</td>
      <td><code>${error.code}</code></td>
    </tr>`;
  return markup`<section>
    <h2>${errors.length === 1 ? "One failed" : `${errors.length} failed`}</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>input</th>
            <th>what is wrong</th>
            <th>code</th>
          </tr>
        </thead>
        <tbody>
          ${errors.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}
