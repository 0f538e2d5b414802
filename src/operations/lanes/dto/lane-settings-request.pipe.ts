import { Injectable, type PipeTransform } from '@nestjs/common';
import { parseJsonObject } from '../../../ingestion/dto/parse-json-object.js';
import { countKeys } from '../../../platform/http/count-json-keys.js';
import { ProblemDetailsError } from '../../../platform/http/problem-details.js';
import { readSettings, type SettingTexts } from '../settings-request.js';

/** Parses the text of a body as settings of a lane. */
@Injectable()
export class LaneSettingsRequestPipe implements PipeTransform<string, SettingTexts> {
  /**
   * @throws ProblemDetailsError 400 where the text is not JSON, 422 where it has the wrong shape
   * @throws LaneSettingsError
   */
  transform(text: string): SettingTexts {
    const body = parseJsonObject(text);
    const settings = readSettings(body);
    if (countKeys(text) > keysIn(body)) {
      throw new ProblemDetailsError(422, 'the body names a field more than once');
    }
    return settings;
  }
}

/** Counts the keys of all objects in a value. */
function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, each) => sum + keysIn(each), own);
}
