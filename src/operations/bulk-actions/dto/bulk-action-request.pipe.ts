import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import type { AuditFields } from '../../../domain/audit.js';
import type { FieldError } from '../../../domain/domain-error.js';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';
import {
  parseJsonObject,
  rejectRepeatedFields,
  rejectUnknownFields,
} from '../../../ingestion/dto/parse-json-object.js';
import { IngestionFilterQuery } from '../../../ingestion/listing/dto/ingestions-query.dto.js';
import { parseQuery } from '../../../platform/http/parse-query.js';
import { ProblemDetailsError } from '../../../platform/http/problem-details.js';
import { DeadLetterFilterQuery } from '../../dead-letters/dto/dead-letter-query.dto.js';
import { BULK_ACTION_KINDS, type BulkActionKind } from '../bulk-action.repository.js';
import { isOfDeadLetters } from '../bulk-target.js';
import type { BulkActionRequest } from '../bulk-actions.service.js';

const FIELDS = ['action', 'filter', 'priority'] satisfies (keyof BulkActionRequest)[];

/** Parses the text of a body as the request for a plan. */
@Injectable()
export class BulkActionRequestPipe implements PipeTransform<string, BulkActionRequest> {
  /** @throws ProblemDetailsError 422 for a wrong shape, 400 for a value that is not allowed */
  transform(text: string): BulkActionRequest {
    const body = parseJsonObject(text);
    rejectUnknownFields(body, FIELDS);
    const { action, filter, priority } = body;
    if (!isOneOf(BULK_ACTION_KINDS, action)) {
      throw error(400, 'action', `must be one of ${BULK_ACTION_KINDS.join(', ')}`);
    }
    if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) {
      throw error(422, 'filter', filter === undefined ? 'is required; {} selects all' : 'must be an object');
    }
    rejectRepeatedFields(body, text);
    return {
      action,
      filter: isOfDeadLetters(action)
        ? readFilter(filter, DeadLetterFilterQuery)
        : readFilter(filter, IngestionFilterQuery),
      priority: readPriority(action, priority),
    };
  }
}

/** A filter has the names and rules of the query parameters of the listing. */
function readFilter(filter: object, type: Type<DeadLetterFilterQuery | IngestionFilterQuery>): AuditFields {
  const given: readonly (readonly [string, unknown])[] = Object.entries(filter);
  const wrong = given.find(([name, value]) => !isFilterValue(name, value));
  if (wrong !== undefined) {
    throw error(422, `filter.${wrong[0]}`, ruleFor(wrong[0]));
  }
  const query = Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  );
  try {
    return { ...parseQuery(query, type, ['label']) };
  } catch (problem) {
    if (problem instanceof ProblemDetailsError) {
      const [first, ...others] = problem.errors.map(toFilterError);
      throw first === undefined ? problem : ProblemDetailsError.ofFields(problem.status, [first, ...others]);
    }
    throw problem;
  }
}

function isFilterValue(name: string, value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'number' ||
    (name === 'label' && Array.isArray(value) && value.every((each) => typeof each === 'string'))
  );
}

function ruleFor(name: string): string {
  return name === 'label' ? 'must be a list of strings' : 'must be a string or a number';
}

/** Names a field of the body for an error of a parameter. */
function toFilterError({ field, message }: FieldError): FieldError {
  return {
    field: `filter.${field}`,
    message: message.replace('is not a known parameter', 'is not a filter of this action'),
  };
}

function readPriority(action: BulkActionKind, priority: unknown): Priority | null {
  if (action !== 'reprioritize') {
    if (priority !== undefined) {
      throw error(422, 'priority', 'belongs to the action reprioritize');
    }
    return null;
  }
  if (!isOneOf(PRIORITIES, priority)) {
    const isText = typeof priority === 'string';
    throw error(isText ? 400 : 422, 'priority', `must be one of ${PRIORITIES.join(', ')}`);
  }
  return priority;
}

function error(status: number, field: string, message: string): ProblemDetailsError {
  return ProblemDetailsError.ofFields(status, [{ field, message }]);
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}
