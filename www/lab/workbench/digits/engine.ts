/** What shows the digits of a transfer set asks the engine for them; fields between the workbench and it need not know. */

import { createContext } from 'svelte';
import type { Models } from '../../../model/models';

export const [pictureEngine, providePictureEngine] = createContext<Pick<Models, 'digits' | 'examples'>>();
