import { TonescoreError } from "../errors.js";
import { refusedNode } from "./nodeVersion.js";

// Imported before all else: what comes after may fail on an old version in ways that say nothing.
const problem = refusedNode(process.versions.node);
if (problem !== undefined) throw new TonescoreError("ERR_NODE_VERSION", problem);
