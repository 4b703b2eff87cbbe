// Makes the page's types from the crate's JSON schema: node scripts/types.mjs SCHEMA.json TYPES.ts
// One source for each fact: the config stands in Rust, and everything here derives from it.

import { readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';

const [schemaPath, typesPath] = process.argv.slice(2);
// What stands beside a $ref (a description, a default) would make the generator write the type once more
// under a name of its own.
const onlyRef = (_key, value) => (typeof value?.$ref === 'string' ? { $ref: value.$ref } : value);
const schema = JSON.parse(await readFile(schemaPath, 'utf8'), onlyRef);

// A root that names every definition once makes the generator emit each of them under its own name.
const root = {
  title: 'Schema',
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.keys(schema.$defs).map((name) => [name, { $ref: `#/$defs/${name}` }]),
  ),
  $defs: schema.$defs,
};

const types = await compile(root, 'Schema', {
  bannerComment: "/** Generated from the crate's JSON schema by the build; not edited by hand. */",
  additionalProperties: false,
  strictIndexSignatures: false,
  style: { singleQuote: true, printWidth: 110 },
});
await writeFile(typesPath, types);
