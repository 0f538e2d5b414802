import { ApiResponse } from '@nestjs/swagger';
import { PROBLEM_CONTENT_TYPE } from '../http/problem.js';

/** Describes an error answer in the contract's form. */
export function ApiProblemResponse(status: number, description: string): MethodDecorator {
  return ApiResponse({ status, description, content: { [PROBLEM_CONTENT_TYPE]: {} } });
}
