import { expect, test } from 'vitest';
import { readConfig } from './config-text';

test('a config is read, and so is the one in a record', () => {
  const config = { version: 1, seed: 3, models: {} };
  expect(readConfig(JSON.stringify(config))).toEqual({ config });
  expect(readConfig(JSON.stringify({ version: 1, config, models: { student: {} } }))).toEqual({ config });
});

test('what is no JSON is told with its line', () => {
  const read = readConfig('{\n  "seed": 1,\n  "models": {,}\n}');
  expect(read).toMatchObject({ fault: 'no_json', line: 3 });
});

test('JSON without models is no config', () => {
  for (const text of ['3', '[]', 'null', '{"seed": 1}'])
    expect(readConfig(text)).toEqual({ fault: 'no_config' });
});
