// What TypeScript leaves where it is: the page and its style.
import { copyFileSync } from "node:fs";

for (const file of ["index.html", "style.css"]) copyFileSync(`src/page/${file}`, `dist/page/${file}`);
