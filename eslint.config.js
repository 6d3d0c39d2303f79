import eslint from "@eslint/js";
import prettier from "eslint-config-prettier";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The parts of src/, lowest first: each may import itself and what stands before it. */
const order = [
  ["errors.ts", "places.ts"],
  ["version.ts"],
  ["util"],
  ["stats"],
  ["hub"],
  ["native"],
  ["media"],
  ["prompts"],
  ["scoring"],
  ["options"],
  ["results"],
  ["models"],
  ["importing"],
  ["scorer", "evaluate", "compare"],
  ["report"],
  ["cli"],
];

/** The parts of the command line, likewise. */
const cliOrder = [
  ["terminal"],
  ["options"],
  ["output"],
  ["exit.ts", "command.ts"],
  ["systems"],
  ["commands"],
];

/**
 * @param {string} folder
 * @param {readonly (readonly string[])[]} levels lowest first
 */
const zonesIn = (folder, levels) =>
  levels.flatMap((parts, level) =>
    parts.map((part) => ({
      target: `${folder}/${part}`,
      from: folder,
      except: [part, ...levels.slice(0, level).flat()].map((name) => `./${name}`),
      message: "A part imports nothing that stands beside or above it: see eslint.config.js.",
    })),
  );

const zones = [...zonesIn("./src", order), ...zonesIn("./src/cli", cliOrder)];

export default defineConfig(
  {
    ignores: [
      "dist/",
      "build/",
      "release/",
      "coverage/",
      "docs/api/",
      "training/",
      "examples/electron/",
      "scripts/electron/*.ts",
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-undef": "off", // TypeScript knows better, in JavaScript files too
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    // What imports what.
    files: ["src/**/*.ts"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [createNodeResolver({ extensionAlias: { ".js": [".ts", ".js"] } })],
    },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
    },
  },
  {
    // What was expected is said in one form.
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...["Literal[value=/^Expected /]", "TemplateElement[value.raw=/^Expected /]"].map((text) => ({
          selector: `NewExpression[callee.name='TonescoreError'] ${text}`,
          message: "Use expected() of util/expected.ts.",
        })),
      ],
    },
  },
  {
    // Chai's assertions are property reads.
    files: ["test/**"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  prettier,
);
