/** The one small script for `<script src="…/embed.js">`: the element, for pages beside that address unless told otherwise. */

import { DistilleryClient } from './client.js';
import { define, setHome } from './element.js';

const script = document.currentScript as HTMLScriptElement | null;
if (script?.src) setHome(script.src);
// For pages without modules.
Object.assign(globalThis, { DistilleryClient });
define();
