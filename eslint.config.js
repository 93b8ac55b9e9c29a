import js from "@eslint/js";
import globals from "globals";

export default [
    { ignores: [".odoo/**", "node_modules/**"] },
    js.configs.recommended,
    {
        files: ["benchmarks/**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, ...globals.node, bench: "readonly" },
        },
    },
    {
        files: ["addons/**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, odoo: "readonly", luxon: "readonly" },
        },
        rules: {
            "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
            eqeqeq: "error",
            curly: "error",
            "prefer-const": "error",
        },
    },
];
