@echo off
setlocal
rem The trainer program, run by the editor's own Node where the editor has told which that is.
set "ELECTRON_RUN_AS_NODE=1"
if not defined MMOE_NODE set "MMOE_NODE=node"
"%MMOE_NODE%" "%~dp0..\cli.js" %*
