/**
 * The libraries that are compared: where their page is, and what counts as their code.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));

/** `code` is what an application has to import; frameworks are not counted, nor are styles. */
export const LIBRARIES = {
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

const BUNDLE = {
    bundle: true,
    minify: true,
    logLevel: "error",
    absWorkingDir: HERE,
    define: { "process.env.NODE_ENV": '"production"' },
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
            external: ["react", "react-dom", "react/*", "react-dom/*", "@odoo/owl"],
            format: "esm",
            write: false,
            outfile: "code.js",
        });
        const script = outputFiles.find((file) => file.path.endsWith(".js"));
        sizes.set(name, gzipSync(script.contents, { level: 9 }).length);
    }
    return sizes;
}
