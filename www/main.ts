/** Where the page begins. */

import { mount } from 'svelte';
import { offerApi } from './api';
import App from './lab/App.svelte';
import './lab/theme.css';
import { Store } from './state/store.svelte';

const store = new Store(new URL('./', document.baseURI).href);
const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
// The engine's worker loads beside what the page has to draw, so it is asked for first.
void store.open(location.hash);
mount(App, { target, props: { store } });
offerApi(store);
