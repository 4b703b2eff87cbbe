// In the development server the CPU engine is pkg/dev, which scripts/wasm-dev-package makes on every save, and the WebGPU
// engine the one that a build has left, if there is one.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const MISSING = '\0no-webgpu';

/** Vite's plugin. */
export function devPackages(root) {
  return {
    name: 'distillery:dev-packages',
    enforce: 'pre',
    resolveId(source) {
      if (source.endsWith('pkg/cpu/distillery.js')) return join(root, 'pkg/dev/distillery.js');
      const built = join(root, 'pkg/webgpu/distillery.js');
      if (source.endsWith('pkg/webgpu/distillery.js')) return existsSync(built) ? built : MISSING;
    },
    load(id) {
      if (id === MISSING)
        return 'throw new Error("pkg/webgpu is not built; run: make pkg/webgpu/distillery_bg.wasm")';
    },
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        // One module for browsers with relaxed SIMD: every browser that people develop with has it.
        request.url = request.url.replace(/\/pkg\/cpu\/\w+\.wasm/, '/pkg/dev/distillery_bg.wasm');
        next();
      });
    },
  };
}
