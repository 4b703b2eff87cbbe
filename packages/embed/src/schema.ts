/** The types of configs, records and events. The package brings them as a file of their own in this one's place. */
export type * from '../../../www/engine/generated/types';
