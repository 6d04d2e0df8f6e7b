// `npm run check -- docs`: every exported function and class of src has a doc comment.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./setup.mjs";

const files = readdirSync(join(root, "src"), { recursive: true })
  .filter((file) => file.endsWith(".ts") && !file.includes("generated/"))
  .map((file) => `src/${file}`);
const bare = files.sort().flatMap((file) => {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements.filter(isPublic).flatMap((statement) =>
    codeIn(statement)
      .filter(() => ts.getJSDocCommentsAndTags(statement).length === 0)
      .map(({ name }) => {
        const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
        return `${file}:${line + 1} ${name?.getText() ?? "(no name)"} has no doc comment`;
      }),
  );
});
if (bare.length > 0)
  console.log(`${bare.join("\n")}\n${bare.length} exported functions or classes without a doc comment.`);
process.exitCode = bare.length === 0 ? 0 : 1;

function isPublic(statement) {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** The functions and classes that a statement declares; the first of several overloads. */
function codeIn(statement) {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return [statement];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.filter(
    ({ initializer }) => initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)),
  );
}
