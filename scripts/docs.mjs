// `npm run check -- docs`: everything that a file of src exports has a doc comment, and so has every public method of an
// exported class or interface; a class's own version of a documented method has its comment there. Generated files are exempt.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./setup.mjs";

const files = readdirSync(join(root, "src"), { recursive: true })
  .filter((file) => file.endsWith(".ts") && !file.includes("generated/"))
  .map((file) => `src/${file}`);
const sources = files
  .sort()
  .map((file) => ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true));
const declared = byName(
  sources.flatMap(({ statements }) => statements).filter((one) => hasMembers(one) && isExported(one)),
);
const bare = sources.flatMap((source) => {
  const file = source.fileName;
  const exported = source.statements.filter((statement) => isExported(statement));
  return [
    ...exported.map((statement) => ({ node: statement, name: nameOf(statement) })),
    ...exported.flatMap((statement) =>
      methodsOf(statement).map((node) => ({ node, name: `${nameOf(statement)}.${nameOf(node)}` })),
    ),
  ]
    .filter(({ node }) => !hasDocComment(node, source))
    .map(({ node, name }) => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      return `${file}:${line + 1} ${name} has no doc comment`;
    });
});
if (bare.length > 0) console.log(`${bare.join("\n")}\n${bare.length} exports and methods without a doc comment.`);
process.exitCode = bare.length === 0 ? 0 : 1;

/** Whether `export` stands before it. What `export { … } from` passes on has its comment where it is declared. */
function isExported(statement) {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** The public methods that a class or interface adds, also those that are properties: `readonly close: () => void`. */
function methodsOf(statement) {
  if (!hasMembers(statement)) return [];
  const elsewhere = new Set(basesOf(statement).flatMap((base) => namesIn(base)));
  return statement.members.filter(
    (member) => isMethod(member) && isPublic(member) && !elsewhere.has(member.name.getText()),
  );
}

function hasMembers(statement) {
  return ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement);
}

function byName(statements) {
  const all = new Map();
  for (const statement of statements) all.set(nameOf(statement), [...(all.get(nameOf(statement)) ?? []), statement]);
  return all;
}

/** The classes and interfaces of ours that it extends or implements. */
function basesOf(statement) {
  const types = statement.heritageClauses?.flatMap((clause) => clause.types) ?? [];
  return types.flatMap(({ expression }) => declared.get(expression.getText()) ?? []);
}

function namesIn(statement) {
  const own = statement.members.flatMap(({ name }) => name?.getText() ?? []);
  return [...own, ...basesOf(statement).flatMap(namesIn)];
}

function isMethod(member) {
  if (ts.isMethodSignature(member) || ts.isMethodDeclaration(member) || ts.isGetAccessor(member)) return true;
  if (ts.isPropertySignature(member)) return member.type !== undefined && isFunctionType(member.type);
  if (!ts.isPropertyDeclaration(member)) return false;
  return member.initializer !== undefined && ts.isArrowFunction(member.initializer);
}

function isFunctionType(type) {
  return ts.isParenthesizedTypeNode(type) ? isFunctionType(type.type) : ts.isFunctionTypeNode(type);
}

function isPublic(member) {
  // A library's class has its documentation there.
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.OverrideKeyword];
  return !ts.isPrivateIdentifier(member.name) && !ts.getModifiers(member)?.some(({ kind }) => hidden.includes(kind));
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
