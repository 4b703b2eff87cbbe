/** The page's sentences. Every message is a function; reading one in a view follows the language as it changes. */

export { m } from './paraglide/messages.js';
