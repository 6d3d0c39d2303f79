import eslint from "@eslint/js";
import prettier from "eslint-config-prettier";
import { defineConfig } from "eslint/config";
import { join } from "node:path";
import tseslint from "typescript-eslint";

const root = join(import.meta.dirname, "..", "..");

export default defineConfig({
  basePath: root,
  files: ["examples/electron/src/**/*.{ts,cts}"],
  extends: [
    eslint.configs.recommended,
    tseslint.configs.strictTypeChecked,
    tseslint.configs.stylisticTypeChecked,
    prettier,
  ],
  languageOptions: {
    parserOptions: {
      project: ["scripts/electron/tsconfig.json", "examples/electron/src/page/tsconfig.json"],
      tsconfigRootDir: root,
    },
  },
  rules: {
    "no-undef": "off",
    "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
  },
});
