<?php
// What this identity provider knows of its one service provider, and how it signs for it.
$settings = require __DIR__ . '/../settings.php';
$sp = $settings['service_provider'];

$filters = [
    'transient' => ['class' => 'saml:TransientNameID'],
    'persistent' => ['class' => 'saml:PersistentNameID', 'attribute' => 'cip_oid'],
    'attribute' => [
        'class' => 'saml:AttributeNameID',
        'attribute' => $settings['name_id']['attribute'],
        'Format' => $settings['name_id']['format'],
    ],
];
if (isset($sp['metadata'])) {
    // As SimpleSAMLphp itself reads it.
    $known = SimpleSAML\Metadata\SAMLParser::parseString($sp['metadata'])->getMetadata20SP();
    unset($known['entityDescriptor']);
} else {
    $known = [
        'entityid' => $sp['entity_id'],
        'AssertionConsumerService' => [
            ['Binding' => 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', 'Location' => $sp['acs_url'], 'index' => 0],
        ],
        'SingleLogoutService' => [
            ['Binding' => 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', 'Location' => $sp['logout_url']],
        ],
    ];
    if ($sp['certificate'] !== null) {
        $known['certData'] = $sp['certificate'];
    }
}
$metadata[$known['entityid']] = [
    'NameIDFormat' => $settings['name_id']['format'],
    'authproc' => [10 => $filters[$settings['name_id']['kind']]],
    'signature.algorithm' => $settings['sha1']
        ? 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
        : 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'saml20.sign.response' => $settings['sign_response'],
    'saml20.sign.assertion' => $settings['sign_assertion'],
    'assertion.encryption' => $settings['encrypt'],
    'validate.authnrequest' => $settings['require_signed_requests'],
    'validate.logout' => $settings['require_signed_requests'],
    'sign.logout' => true,
] + $known;
