/** Where the page begins. */

import { mount } from 'svelte';
import { offerApi } from './api';
import { useLocale } from './i18n/locale.svelte';
import { m } from './i18n/messages';
import './lab/theme.css';
import { Store } from './state/store.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

// A sandbox without `allow-same-origin` makes every address another origin's: no worker may be started from it.
if (origin === 'null') {
  useLocale(null);
  const sentence = document.createElement('p');
  sentence.className = 'unopened';
  sentence.textContent = m.sandboxed();
  target.replaceChildren(sentence);
  target.dataset.opened = 'no';
} else await begin(target);

async function begin(place: HTMLElement): Promise<void> {
  // What draws is most of the page's code. It comes in a file of its own, so that the engine's worker is asked for while the
  // browser still reads it.
  const drawing = import('./lab/App.svelte');
  const store = new Store(new URL('./', document.baseURI).href);
  offerApi(store);
  void store.open(location.hash);
  const loaded = await drawing.catch(() => null);
  if (!loaded) {
    // A file is missing: what index.html says of that is held back no longer.
    place.dataset.opened = 'no';
    return;
  }
  place.replaceChildren();
  mount(loaded.default, { target: place, props: { store } });
}
