import { Injectable, type PipeTransform } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import type { FieldError } from '../../domain/domain-error.js';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { listBadIds, type IdBadness } from './ids.validator.js';
import { parseObject, refuseRepeatedFields, refuseUnknownFields } from './parse-json-object.js';
import { exactIds } from './exact-ids.js';
import { LARGE_BODY, readLargeBody } from './parse-large-body.js';
import { INGEST_FIELDS, IngestRequest, SHAPE_CONSTRAINTS } from './ingest-request.dto.js';
import { IngestionOptions } from '../ingestion.options.js';

/** Makes an {@link IngestRequest} of the text of a body. */
@Injectable()
export class IngestRequestPipe implements PipeTransform<string, IngestRequest | Promise<IngestRequest>> {
  private readonly maxIds: number;

  constructor({ maxIdsPerRequest }: IngestionOptions) {
    this.maxIds = maxIdsPerRequest;
  }

  /** @throws ProblemDetailsError as the contract's table says: 400, 413 or 422. */
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
      throw new ProblemDetailsError(
        413,
        `ids holds ${String(ids.length)} ids, at most ${String(this.maxIds)} are allowed`,
      );
    }
  }

  private check(body: Record<string, unknown>, ids: unknown, text: string): IngestRequest {
    this.refuseTooMany(ids);
    refuseUnknownFields(body, INGEST_FIELDS);
    const request = Object.assign(new IngestRequest(), body, { ids });
    const errors = validateSync(request, { forbidUnknownValues: false });
    if (errors.length > 0) {
      throw toProblem(errors);
    }
    refuseRepeatedFields(body, text);
    return request;
  }
}

function readIds(ids: unknown, text: string): unknown {
  if (!Array.isArray(ids) || !ids.every((id): id is number => typeof id === 'number')) {
    return ids;
  }
  return exactIds(ids, text);
}

/** A wrong shape outweighs a wrong value; only the errors of the status answered are listed. */
function toProblem(errors: readonly ValidationError[]): ProblemDetailsError {
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
  return ProblemDetailsError.ofFields(wrongShape.length > 0 ? 422 : 400, [first, ...more]);
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
