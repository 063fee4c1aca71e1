export { serveStudy as trainStudyCommand } from '../../study/serve-study.js';
