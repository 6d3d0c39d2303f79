/** Electron's utility processes are what src/native/isolated/ takes them for. */
import { utilityProcess } from "electron";
import type { UtilityProcess } from "../../src/native/isolated/utilityChild.js";

export const asTaken: UtilityProcess = utilityProcess;
