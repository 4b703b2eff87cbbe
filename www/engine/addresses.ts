/** Where files lie whose names stay. A build puts a digest into their path: `scripts/page/digest-folders.mjs`. */

export const MANIFEST = `${import.meta.env.MANIFEST_FOLDER ?? 'data/'}manifest.json`;
export const TEACHERS: string = import.meta.env.TEACHERS_FOLDER ?? 'teachers/';
