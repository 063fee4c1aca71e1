import './nonce.js';
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit';

/**
 * Registers the elements that the pages use of the toolkit: `vscode-button`, `vscode-dropdown` and
 * `vscode-option`. No other module knows the toolkit.
 */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption());
}
