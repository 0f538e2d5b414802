import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { BackupResponse } from './backup-response.dto.js';

/** Describes `POST /backup` in `/openapi.json`. */
export function ApiBackup(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Write a backup of the embedded store',
      description:
        'Into `BACKUP_DIR`, while lists are accepted and sent. It holds all that was answered before it was asked for. ' +
        'The answer is sent once it is on the disk; a client that leaves does not stop it.',
    }),
    ApiOkResponse({ type: BackupResponse, description: 'It is complete and on the disk.' }),
    ApiProblemResponse(409, 'One is being written.', { detail: 'a backup is under way' }),
    ApiProblemResponse(501, 'There is no `BACKUP_DIR`, or the store is PostgreSQL, which has its own ways.', {
      detail: 'BACKUP_DIR is not set: there is no place for a backup',
    }),
    ApiCommonProblems(),
  );
}
