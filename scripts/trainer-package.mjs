// Makes the package of the trainer in build/trainer, and its tarball in build/packages: node scripts/trainer-package.mjs.

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack, ROOT } from './pack.mjs';

const OUT = join(ROOT, 'build/trainer');
/** Where the declarations find the schema's types in the repository. */
const SCHEMA = "'../../www/engine/generated/types'";

rmSync(OUT, { recursive: true, force: true });
cpSync(join(ROOT, 'pkg/cpu'), OUT, { recursive: true });
const declared = join(OUT, 'distillery.d.ts');
const text = readFileSync(declared, 'utf8');
if (!text.includes(SCHEMA)) throw new Error(`pkg/cpu/distillery.d.ts does not name ${SCHEMA}`);
writeFileSync(declared, text.replaceAll(SCHEMA, "'./schema.js'"));
cpSync(join(ROOT, 'www/engine/generated/types.ts'), join(OUT, 'schema.d.ts'));
pack('trainer');
