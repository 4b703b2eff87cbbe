/** Where the page begins. */

import { mount } from 'svelte';
import { offerApi } from './api';
import './lab/theme.css';
import { Store } from './state/store.svelte';

// What draws is most of the page's code. It comes in a file of its own, so that the engine's worker is asked for while the
// browser still reads it.
const drawing = import('./lab/App.svelte');
const store = new Store(new URL('./', document.baseURI).href);
offerApi(store);
void store.open(location.hash);

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const { default: App } = await drawing;
mount(App, { target, props: { store } });
