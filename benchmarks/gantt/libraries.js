/**
 * The libraries that are compared: where their page is, and what counts as their code.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

import { compileStyles } from "./styles.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const ADDON = join(HERE, "../../addons/commercial_quote_process/static/src");

/** `code` is what an application has to import; frameworks are not counted, nor are styles. */
export const LIBRARIES = {
    ours: {
        title: "this addon",
        code:
            'export { PlanView } from "addon/plan_editor/plan_view.js";' +
            'export { PlanDocument } from "addon/estimate_store/plan_document.js"',
    },
    svar: {
        title: "@svar-ui/react-gantt",
        code: 'export { Gantt, Willow } from "@svar-ui/react-gantt"',
    },
    dhtmlx: { title: "dhtmlx-gantt", code: 'export { gantt } from "dhtmlx-gantt"' },
    frappe: { title: "frappe-gantt", code: 'export { default } from "frappe-gantt"' },
    vis: {
        title: "vis-timeline",
        code: 'export { DataSet, Timeline } from "vis-timeline/standalone"',
    },
};

/** Lets a page import the addon's files, and its styles as the web client has them. */
const addonPlugin = {
    name: "addon",
    setup(build) {
        build.onResolve({ filter: /^addon\// }, ({ path }) => ({
            path: join(ADDON, path.slice("addon/".length)),
        }));
        build.onLoad({ filter: /\.scss$/ }, async ({ path }) => ({
            contents: compileStyles(await readFile(path, "utf8")),
            loader: "css",
        }));
    },
};

const BUNDLE = {
    bundle: true,
    minify: true,
    logLevel: "error",
    absWorkingDir: HERE,
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [addonPlugin],
    loader: { ".svg": "dataurl", ".woff": "dataurl", ".woff2": "dataurl", ".png": "dataurl" },
};

/**
 * @param {string} name key of LIBRARIES
 * @param {string} folder where the page may be written
 * @returns {Promise<string>} path of the page that has the library and the plan in it
 */
export async function buildPage(name, folder) {
    const target = join(folder, name);
    await mkdir(target, { recursive: true });
    await build({
        ...BUNDLE,
        entryPoints: { page: join(HERE, "pages", `${name}.js`) },
        outdir: target,
        format: "iife",
    });
    const page = join(target, "index.html");
    await writeFile(
        page,
        '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="page.css">' +
            '<body></body><script src="page.js"></script>',
    );
    return page;
}

/**
 * @param {string[]} names keys of LIBRARIES
 * @returns {Promise<Map<string, number>>} bytes of the minified code of each, gzipped
 */
export async function getCodeSizes(names) {
    const sizes = new Map();
    for (const name of names) {
        const { outputFiles } = await build({
            ...BUNDLE,
            stdin: { contents: LIBRARIES[name].code, resolveDir: HERE },
            external: ["react", "react-dom", "react/*", "react-dom/*", "@odoo/owl", "@web/*"],
            format: "esm",
            write: false,
            outfile: "code.js",
        });
        const script = outputFiles.find((file) => file.path.endsWith(".js"));
        sizes.set(name, gzipSync(script.contents, { level: 9 }).length);
    }
    return sizes;
}
