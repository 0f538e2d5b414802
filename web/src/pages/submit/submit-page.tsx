import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useHasScope } from '../../api/access.js';
import { ApiError } from '../../api/client.js';
import { PRIORITIES, type Priority } from '../../api/types.js';
import { useLane } from '../../lanes/lane.js';
import { LaneSwitch } from '../../lanes/lane-switch.js';
import { RequireScope } from '../../shell/require-scope.js';
import { PriorityShape } from '../../ui/badges.js';
import { showToast } from '../../ui/toasts.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';
import { DropZone } from './drop-zone.js';
import { EtaPreview } from './eta-preview.js';
import type { IdParser, LineProblem } from './id-parser.js';
import { OptionFields } from './option-fields.js';
import { readFile, readText } from './read-file.js';
import { upload, buildUpload } from './upload.js';
import { NO_OPTIONS, toFields } from './submit-options.js';
import { UploadProgress } from './upload-progress.js';
import './submit.css';

interface Dropped {
  readonly file: File;
  readonly reader: IdParser;
}

/** Shows the form with which a list is submitted. */
export function SubmitPage(): ReactElement {
  return (
    <RequireScope scope="submit" title="Submit">
      <Submit />
    </RequireScope>
  );
}

function Submit(): ReactElement {
  const navigate = useNavigate();
  const mayRead = useHasScope('read');
  const lane = useLane();
  const [acceptedAs, setAcceptedAs] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [dropped, setDropped] = useState<Dropped | null>(null);
  const [readShare, setReadShare] = useState<number | null>(null);
  const [priority, setPriority] = useState<Priority>('MEDIUM');
  const [options, setOptions] = useState(NO_OPTIONS);
  const [sentShare, setSentShare] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  /** Idempotency key. It stays the same for the same list: a list that is submitted twice is one ingestion. */
  const key = useRef(crypto.randomUUID());

  useEffect(() => {
    key.current = crypto.randomUUID();
  }, [lane]);

  const pasted = useMemo(() => readText(text), [text]);
  const reader = dropped?.reader ?? pasted;
  const count = reader.ids.length;

  const take = async (file: File): Promise<void> => {
    key.current = crypto.randomUUID();
    setError(null);
    setReadShare(0);
    const read = await readFile(file, setReadShare);
    setDropped({ file, reader: read });
    setReadShare(null);
  };
  const submit = async (): Promise<void> => {
    const fields = toFields(options);
    setAcceptedAs(null);
    if (typeof fields === 'string') {
      setError(new ApiError(400, fields));
      return;
    }
    setError(null);
    setSentShare(0);
    try {
      const { ingestion_id: id } = await upload(
        buildUpload(reader.ids, { priority, lane }, fields),
        options.key.trim() === '' ? key.current : options.key.trim(),
        setSentShare,
      );
      showToast(`${formatCount(count)} ${count === 1 ? 'id is' : 'ids are'} accepted`);
      if (mayRead) {
        await navigate({ to: '/ingestions/$id', params: { id }, search: true });
      } else {
        setAcceptedAs(id);
      }
    } catch (failure) {
      setError(failure);
    }
    setSentShare(null);
  };
  return (
    <div className="stack submit">
      <h1>Submit</h1>
      <section className="panel stack" aria-label="The ids">
        {dropped === null ? (
          <label className="field">
            <span>Ids, separated by spaces, commas or new lines</span>
            <textarea
              rows={8}
              spellCheck={false}
              value={text}
              placeholder={'1, 2, 3\n10000000000000000007'}
              onChange={(event) => {
                setText(event.target.value);
                key.current = crypto.randomUUID();
              }}
            />
          </label>
        ) : (
          <div className="row spread">
            <span>
              <strong>{dropped.file.name}</strong>{' '}
              <span className="muted">{formatCount(Math.ceil(dropped.file.size / 1024))} kB</span>
            </span>
            <button
              type="button"
              className="button small"
              onClick={() => {
                setDropped(null);
              }}
            >
              Remove the file
            </button>
          </div>
        )}
        <DropZone onFile={(file) => void take(file)} />
        {readShare !== null && <UploadProgress label="Reading the file" share={readShare} />}
        <Found reader={reader} />
      </section>
      <section className="panel stack" aria-label="How they go">
        <LaneSwitch />
        <Priorities
          chosen={priority}
          onChoose={(next) => {
            setPriority(next);
            key.current = crypto.randomUUID();
          }}
        />
        <OptionFields
          options={options}
          onChange={(next) => {
            setOptions(next);
            key.current = crypto.randomUUID();
          }}
        />
        <div className="row">
          <button
            type="button"
            className="button primary"
            disabled={count === 0 || reader.problemCount > 0 || sentShare !== null || readShare !== null}
            onClick={() => void submit()}
          >
            Submit {count > 0 && `${formatCount(count)} ${count === 1 ? 'id' : 'ids'}`}
          </button>
          <EtaPreview reader={reader} way={{ priority, lane }} />
        </div>
        {sentShare !== null && <UploadProgress label="Sending" share={sentShare} />}
        {error !== null && <ErrorMessage error={error} />}
        {acceptedAs !== null && (
          <p role="status">
            Accepted as <span className="mono">{acceptedAs}</span>
          </p>
        )}
      </section>
    </div>
  );
}

function Found({ reader: { ids, problems, problemCount } }: { readonly reader: IdParser }): ReactElement {
  return (
    <>
      <p role="status" className={problemCount > 0 ? 'count bad-count' : 'count'}>
        <strong>{formatCount(ids.length)}</strong> {ids.length === 1 ? 'id' : 'ids'}
        {problemCount > 0 && <>, and {formatCount(problemCount)} that cannot be sent</>}
      </p>
      {problems.length > 0 && <Problems problems={problems} />}
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly LineProblem[] }): ReactElement {
  return (
    <ul className="problems" tabIndex={0} aria-label="What cannot be sent">
      {problems.map(({ line, text, message }, i) => (
        <li key={i}>
          <span className="mono">line {formatCount(line)}</span> <code>{text}</code> {message}
        </li>
      ))}
    </ul>
  );
}

function Priorities({
  chosen,
  onChoose,
}: {
  readonly chosen: Priority;
  readonly onChoose: (priority: Priority) => void;
}): ReactElement {
  return (
    <fieldset className="priorities">
      <legend>Priority</legend>
      {PRIORITIES.map((each) => (
        <label
          key={each}
          className="chip"
          data-priority={each}
          data-chosen={each === chosen ? '' : undefined}
        >
          <input
            type="radio"
            name="priority"
            checked={each === chosen}
            onChange={() => {
              onChoose(each);
            }}
          />
          <PriorityShape priority={each} />
          {each}
        </label>
      ))}
    </fieldset>
  );
}
