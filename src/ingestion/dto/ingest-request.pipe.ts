import { Injectable, type PipeTransform } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import { Config } from '../../config/config.js';
import { countKeys } from '../../http/json-text.js';
import { HttpProblem, type FieldError } from '../../http/problem.js';
import { listBadIds, type IdBadness } from './id-list.constraint.js';
import { exactIds } from './ids-text.js';
import { LARGE_BODY, readLargeBody } from './large-body.js';
import { INGEST_FIELDS, IngestRequest, SHAPE_CONSTRAINTS } from './ingest-request.dto.js';

const LONGEST_ECHO = 100;

/** Makes an {@link IngestRequest} of the text of a body. */
@Injectable()
export class IngestRequestPipe implements PipeTransform<string, IngestRequest | Promise<IngestRequest>> {
  private readonly maxIds: number;

  constructor({ maxIdsPerRequest }: Config) {
    this.maxIds = maxIdsPerRequest;
  }

  /** @throws HttpProblem as the contract's table says: 400, 413 or 422. */
  transform(text: string): IngestRequest | Promise<IngestRequest> {
    return text.length < LARGE_BODY ? this.read(text) : this.readLarge(text);
  }

  private async readLarge(text: string): Promise<IngestRequest> {
    const large = await readLargeBody(text);
    const rest = large && parseObject(large.rest);
    return large !== undefined && Array.isArray(rest?.['ids'])
      ? this.check({ ...rest, ids: large.ids }, large.ids, large.rest)
      : this.read(text);
  }

  private read(text: string): IngestRequest {
    const body = parseObject(text);
    this.refuseTooMany(body['ids']);
    return this.check(body, readIds(body['ids'], text), text);
  }

  private refuseTooMany(ids: unknown): void {
    if (Array.isArray(ids) && ids.length > this.maxIds) {
      throw new HttpProblem(
        413,
        `ids holds ${String(ids.length)} ids, at most ${String(this.maxIds)} are allowed`,
      );
    }
  }

  private check(body: Record<string, unknown>, ids: unknown, text: string): IngestRequest {
    this.refuseTooMany(ids);
    refuseUnknownFields(body);
    const request = Object.assign(new IngestRequest(), body, { ids });
    const errors = validateSync(request, { forbidUnknownValues: false });
    if (errors.length > 0) {
      throw toProblem(errors);
    }
    refuseRepeatedFields(body, text);
    return request;
  }
}

function parseObject(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new HttpProblem(
      400,
      `the body is not JSON: ${(error as SyntaxError).message.slice(0, LONGEST_ECHO)}`,
    );
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpProblem(422, 'the body must be a JSON object');
  }
  return body as Record<string, unknown>;
}

function refuseUnknownFields(body: object): void {
  const [first, ...more] = Object.keys(body)
    .filter((field) => !INGEST_FIELDS.includes(field))
    .map((field): FieldError => ({ field: field.slice(0, LONGEST_ECHO), message: 'is not a known field' }));
  if (first !== undefined) {
    throw HttpProblem.ofFields(422, [first, ...more]);
  }
}

/** `JSON.parse` keeps the last of two equal keys: the other's ids would be lost without a word. */
function refuseRepeatedFields(body: object, text: string): void {
  if (countKeys(text) > Object.keys(body).length) {
    throw new HttpProblem(422, 'the body names a field more than once');
  }
}

function readIds(ids: unknown, text: string): unknown {
  if (!Array.isArray(ids) || !ids.every((id): id is number => typeof id === 'number')) {
    return ids;
  }
  const exact = exactIds(ids, text);
  if (exact === undefined) {
    throw HttpProblem.ofFields(422, [{ field: 'ids', message: 'must be named without escapes' }]);
  }
  return exact;
}

/** A wrong shape outweighs a wrong value; only the errors of the status answered are listed. */
function toProblem(errors: readonly ValidationError[]): HttpProblem {
  const broken = errors.flatMap(({ property, value, constraints = {} }) =>
    Object.entries(constraints).map(([constraint, message]) => ({
      constraint,
      property,
      value: value as unknown,
      message,
    })),
  );
  const wrongShape = broken.filter(({ constraint }) => SHAPE_CONSTRAINTS.has(constraint));
  const [first, ...more] = (wrongShape.length > 0 ? wrongShape : broken).flatMap(toFieldErrors);
  if (first === undefined) {
    throw new Error('class-validator refused a request without saying why');
  }
  return HttpProblem.ofFields(wrongShape.length > 0 ? 422 : 400, [first, ...more]);
}

interface BrokenConstraint {
  readonly constraint: string;
  readonly property: string;
  readonly value: unknown;
  readonly message: string;
}

function toFieldErrors({ constraint, property, value, message }: BrokenConstraint): FieldError[] {
  const badness = BADNESS_OF_IDS[constraint];
  return badness !== undefined && Array.isArray(value)
    ? listBadIds(value, badness)
    : [{ field: property, message }];
}

const BADNESS_OF_IDS: Readonly<Record<string, IdBadness>> = {
  idsAreIntegers: 'shape',
  idsAreInRange: 'range',
};
