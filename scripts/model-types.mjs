/** The types that expressions in playbooks can use, derived from the TypeScript types that src/playbook/model.ts names. */
import { join } from "node:path";
import ts from "typescript";

/** A module with the fields of each type of the model: `Host: { name: "string", gateways: "list<Gateway>", … }`. */
export function modelTypes(root) {
  const file = join(root, "src/playbook/model.ts");
  const options = { strict: true, module: ts.ModuleKind.NodeNext, allowImportingTsExtensions: true, types: [] };
  const program = ts.createProgram([file], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const typeOf = (symbol) => checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
  const model = program.getSourceFile(file).statements.find(ts.isInterfaceDeclaration);
  const members = checker.getPropertiesOfType(checker.getTypeAtLocation(model));
  const names = new Map(members.map((member) => [typeOf(member), member.name]));
  const simple = { string: "string", number: "int", boolean: "bool" };

  const nameOf = (type) => {
    if (checker.isArrayType(type)) return `list<${nameOf(checker.getTypeArguments(type)[0])}>`;
    const widened = checker.typeToString(checker.getBaseTypeOfLiteralType(type));
    const name = names.get(type) ?? simple[widened];
    if (name === undefined) throw new Error(`src/playbook/model.ts has no name for the type ${widened}`);
    return name;
  };
  const types = members.map((member) => {
    const fields = checker.getPropertiesOfType(typeOf(member)).map((field) => [field.name, nameOf(typeOf(field))]);
    return `  ${member.name}: {\n${fields.map(([name, type]) => `    ${name}: "${type}",\n`).join("")}  },\n`;
  });
  return `/** Generated from src/playbook/model.ts by scripts/generate.mjs. Change the types, then run \`npm run generate\`. */
import type { Model } from "../model.ts";\n\nexport const modelFields = {\n${types.join("")}} as const satisfies Readonly<Record<keyof Model, object>>;\n`;
}
