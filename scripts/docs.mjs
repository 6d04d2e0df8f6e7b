// `npm run check -- docs`: everything that a file of src exports has a doc comment. Generated files are exempt.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./setup.mjs";

const files = readdirSync(join(root, "src"), { recursive: true })
  .filter((file) => file.endsWith(".ts") && !file.includes("generated/"))
  .map((file) => `src/${file}`);
const bare = files.sort().flatMap((file) => {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((statement) => isExported(statement) && !hasDocComment(statement, source))
    .map((statement) => {
      const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
      return `${file}:${line + 1} ${nameOf(statement)} has no doc comment`;
    });
});
if (bare.length > 0) console.log(`${bare.join("\n")}\n${bare.length} exports without a doc comment.`);
process.exitCode = bare.length === 0 ? 0 : 1;

/** Whether `export` stands before it. What `export { … } from` passes on has its comment where it is declared. */
function isExported(statement) {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** Whether a doc comment belongs to it; one at the top of the file, followed by a blank line, is the file's. */
function hasDocComment(statement, source) {
  const comment = ts.getJSDocCommentsAndTags(statement).at(-1);
  return comment !== undefined && !/\n\s*\n/.test(source.text.slice(comment.end, statement.getStart()));
}

function nameOf(statement) {
  const [declared = statement] = statement.declarationList?.declarations ?? [];
  return declared.name?.getText() ?? "(no name)";
}
