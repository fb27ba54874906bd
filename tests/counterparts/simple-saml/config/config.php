<?php
// The identity provider as such: everything it writes goes to the folder of this start.
$settings = require __DIR__ . '/../settings.php';
$folder = $settings['folder'];

$config = [
    'baseurlpath' => $settings['origin'] . '/',
    'certdir' => "$folder/",
    'datadir' => "$folder/",
    'loggingdir' => "$folder/",
    'tempdir' => $folder,
    'metadatadir' => __DIR__ . '/../metadata',
    'attributenamemapdir' => '/etc/simplesamlphp/attributemap/',
    'metadata.sources' => [['type' => 'flatfile']],

    'enable.saml20-idp' => true,
    'module.enable' => ['core' => true, 'saml' => true, 'exampleauth' => true],
    'authproc.idp' => [],
    'authproc.sp' => [],

    'store.type' => 'phpsession',
    'session.duration' => 8 * 60 * 60,
    'session.phpsession.cookiename' => 'SimpleSaml',
    'session.phpsession.savepath' => $folder,
    'session.phpsession.httponly' => true,
    'session.cookie.name' => 'SimpleSamlId',
    'session.authtoken.cookiename' => 'SimpleSamlToken',
    'session.cookie.secure' => false,
    'session.cookie.samesite' => null,

    'secretsalt' => $settings['salt'],
    'auth.adminpassword' => $settings['salt'],
    'technicalcontact_name' => 'nobody',
    'technicalcontact_email' => 'nobody@corp.example',
    'timezone' => 'UTC',
    'language.default' => 'en',
    'language.available' => ['en'],

    // What goes wrong stands in the page, and in the log that the harness shows if the start fails.
    'showerrors' => true,
    'errorreporting' => false,
    'debug' => ['saml' => false, 'backtraces' => true, 'validatexml' => false],
    'logging.handler' => 'errorlog',
    'logging.level' => 5,
    'production' => false,
];
