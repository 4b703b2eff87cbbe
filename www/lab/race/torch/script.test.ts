import { expect, test } from 'vitest';
import type { Config } from '../../../engine/generated/types';
import { scriptText } from './script';

test('what was raced stands in the script as JSON, and the rest is the template', () => {
  const config = { version: 1, models: { 'a"$&': { net: { mlp: { hidden: [] } } } } } as unknown as Config;
  const text = scriptText({ config, first_losses: {}, half_logits: [], made_by: 'Distillery "\\' });
  const [line] = text.split('\n').filter((one) => one.startsWith('EXPERIMENT ='));
  const [, json] = /^EXPERIMENT = json\.loads\(r"""(.*)"""\)$/.exec(line!)!;
  expect(JSON.parse(json!)).toMatchObject({ config, made_by: 'Distillery "\\' });
  expect(text).toContain('def main():');
});
