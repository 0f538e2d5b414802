import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsOptional,
  Validate,
  ValidateIf,
  ValidatorConstraint,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { isLabel, LABEL_RULE, MAX_LABELS, parseLabel, type Labels } from '../../domain/labels.js';
import { LABELS_SCHEMA } from '../../platform/openapi/labels.schema.js';

const COUNT_RULE = `must hold at most ${String(MAX_LABELS)} labels`;

/** Accepts an object whose values are strings. */
@ValidatorConstraint({ name: 'labelsAreTexts' })
export class LabelsAreTexts implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return toTexts(value) !== null;
  }

  defaultMessage(): string {
    return 'must be an object whose values are strings';
  }
}

/** Accepts at most 8 labels that follow the rule of names and values; a value of another shape is not its concern. */
@ValidatorConstraint({ name: 'labelsAreValid' })
export class LabelsAreValid implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return labelError(toTexts(value) ?? []) === null;
  }

  defaultMessage(given?: ValidationArguments): string {
    return labelError(toTexts(given?.value) ?? []) ?? '';
  }
}

/** Accepts at most 8 parameters `name=value` with different names. */
@ValidatorConstraint({ name: 'labelParametersAreValid' })
export class LabelParametersAreValid implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return labelParameterError(value) === null;
  }

  defaultMessage(given?: ValidationArguments): string {
    return labelParameterError(given?.value) ?? '';
  }
}

/** Declares the optional field `labels` of a body. */
export function OptionalLabels(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      description:
        `Up to ${String(MAX_LABELS)} labels, values by name. They are shown with the list, in its webhook and its ` +
        'results, and lists are found by them (`GET /ingestions?label=shop=berlin`).',
      ...LABELS_SCHEMA,
    }),
    ValidateIf((_, value) => value !== undefined),
    Validate(LabelsAreTexts),
    Validate(LabelsAreValid),
  );
}

/** Declares the optional and repeatable query parameter `label`. */
export function LabelParameter(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      description,
      type: [String],
      maxItems: MAX_LABELS,
      example: ['shop=berlin'],
    }),
    IsOptional(),
    Validate(LabelParametersAreValid),
  );
}

/** Converts valid parameters `name=value`. */
export function toLabels(parameters: readonly string[] | undefined): Labels {
  return Object.fromEntries((parameters ?? []).map(parseLabel).filter((label) => label !== null));
}

function toTexts(value: unknown): [string, string][] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return null;
  }
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string') ? entries : null;
}

function labelError(labels: readonly (readonly [string, string])[]): string | null {
  if (labels.length > MAX_LABELS) {
    return COUNT_RULE;
  }
  return labels.every(([name, value]) => isLabel(name, value)) ? null : `must have ${LABEL_RULE}`;
}

function labelParameterError(value: unknown): string | null {
  const parameters: unknown[] = Array.isArray(value) ? value : [];
  const labels = parameters.map((parameter) =>
    typeof parameter === 'string' ? parseLabel(parameter) : null,
  );
  if (labels.length > MAX_LABELS) {
    return COUNT_RULE;
  }
  const known = labels.filter((label) => label !== null);
  if (known.length < labels.length) {
    return `must be name=value, with ${LABEL_RULE}`;
  }
  return new Set(known.map(([name]) => name)).size === known.length ? null : 'must name each label once';
}
