import type { ReactElement } from 'react';
import type { LaneSettings } from '../../api/types.js';
import { Confirm } from '../../ui/confirm.js';
import { formatSetting } from './setting-changes.js';
import { SETTINGS } from './setting-words.js';
import '../../ui/table.css';

const SOURCES: Readonly<Record<LaneSettings['settings'][string]['source'], string>> = {
  default: 'default',
  environment: 'environment',
  file: 'lanes file',
  api: 'API',
};

/** Shows the settings of a lane: value and source; those that were changed over the API can be reverted. */
export function SettingsTable({
  settings: { lane, settings },
  onRevert,
}: {
  readonly settings: LaneSettings;
  readonly onRevert: (setting: string) => Promise<void>;
}): ReactElement {
  const changeable = [...SETTINGS.keys()].filter((name) => name in settings);
  const given = Object.keys(settings).filter(
    (name) => !SETTINGS.has(name) && settings[name]?.source !== 'default',
  );
  return (
    <div className="table-frame">
      <table className="table settings-table">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Value</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {[...changeable, ...given].map((name) => {
            const setting = settings[name];
            return (
              setting && (
                <tr key={name} data-source={setting.source}>
                  <th scope="row">
                    {SETTINGS.get(name)?.label ?? 'Upstream'} <code>{name}</code>
                  </th>
                  <td className="mono">
                    {setting.value === null && !SETTINGS.has(name)
                      ? 'set, not shown'
                      : formatSetting(name, setting.value)}
                  </td>
                  <td>
                    <span className="row">
                      <span className="source">{SOURCES[setting.source]}</span>
                      {setting.base !== undefined && (
                        <>
                          <span className="muted">
                            {SOURCES[setting.base.source]}: {formatSetting(name, setting.base.value)}
                          </span>
                          <Confirm
                            needs="admin"
                            title={`Revert ${name} of ${lane}?`}
                            text={`It is ${formatSetting(name, setting.base.value)} again, by the ${SOURCES[setting.base.source]}, instead of ${formatSetting(name, setting.value)}. Nothing is sent by the old value any more.`}
                            action="Revert"
                            onConfirm={() => void onRevert(name)}
                          >
                            <button type="button" className="button small" aria-label={`Revert ${name}`}>
                              Revert
                            </button>
                          </Confirm>
                        </>
                      )}
                    </span>
                  </td>
                </tr>
              )
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
