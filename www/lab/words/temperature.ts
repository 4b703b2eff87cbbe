import { exact } from '../../i18n/format';

/** A temperature with at least one decimal, and all that it has: a link may set one between the slider's steps. */
export function temperatureText(temperature: number): string {
  const text = exact(temperature);
  return Number.isInteger(temperature) ? `${text}.0` : text;
}
