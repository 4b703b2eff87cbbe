import { describe, expect, it } from 'vitest';

import { filesByPart } from './own-files';

const images = { name: 'emnist-digits-test-images-idx3-ubyte.gz', size: 7_000_000 };
const labels = { name: 'emnist-digits-test-labels-idx1-ubyte.gz', size: 30_000 };

describe('filesByPart', () => {
  it('takes the larger of two for the images, in whatever order they come', () => {
    expect(filesByPart([labels, images])).toEqual({ images, labels });
    expect(filesByPart([images, labels])).toEqual({ images, labels });
  });

  it('goes by the name of one alone', () => {
    expect(filesByPart([labels])).toEqual({ labels });
    expect(filesByPart([images])).toEqual({ images });
  });

  it('finds nothing where nothing was dropped', () => {
    expect(filesByPart([])).toEqual({});
  });
});
