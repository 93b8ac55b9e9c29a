import { execFileSync } from "node:child_process";
import { join } from "node:path";

const COMPILE = `
import sass, sys
print(sass.compile(string=sys.stdin.read(), include_paths=[sys.argv[1]]))
`;
// What the addon's styles use of the web client's.
const THEME = `
@import "functions", "variables", "variables-dark", "maps", "mixins";
$o-view-background-color: $white;
$text-muted: $gray-600;
`;

/**
 * @param {string} scss styles of the addon
 * @returns {string} the same as css, by the compiler that Odoo itself uses
 */
export function compileStyles(scss) {
    const bootstrap = join(process.env.ODOO_SOURCE, "odoo/addons/web/static/lib/bootstrap/scss");
    const options = { input: THEME + scss, encoding: "utf8" };
    return execFileSync(process.env.ODOO_PYTHON, ["-c", COMPILE, bootstrap], options);
}
