import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { BackupResponse } from './backup-response.dto.js';

/** Describes `POST /backup` in `/openapi.json`. */
export function ApiBackup(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'createBackup',
      summary: 'Write a backup of the embedded store',
      description:
        'Writes the backup to `BACKUP_DIR` while the service works. It contains everything that was ' +
        'acknowledged before the request. The response is sent when the backup is on the disk; a client that ' +
        'disconnects does not stop it.',
    }),
    ApiOkResponse({ type: BackupResponse, description: 'The backup is complete and on the disk.' }),
    ApiProblemResponse(409, 'Another backup is in progress.', { detail: 'a backup is under way' }),
    ApiProblemResponse(
      501,
      '`BACKUP_DIR` is not set, or the store is PostgreSQL, which has its own backup tools.',
      {
        detail: 'BACKUP_DIR is not set: there is no place for a backup',
      },
    ),
    ApiCommonProblems(),
  );
}
