// SPDX-License-Identifier: Apache-2.0

extension CatalogTable {
  /// The resources of kube-apiserver 1.36, in the server's order.
  static let v1_36 = """
    # v1
    bindings Binding n create
    componentstatuses ComponentStatus c get,list short=cs
    configmaps ConfigMap n all short=cm hash=qFsyl6wFWjQ=
    endpoints Endpoints n all short=ep hash=fWeeMqaN/OA=
    events Event n all short=ev hash=r2yiGXH7wu8=
    limitranges LimitRange n all short=limits hash=EBKMFVe6cwo=
    namespaces Namespace c create,delete,get,list,patch,update,watch short=ns hash=Q3oi5N2YM8M=
    /finalize Namespace update
    /status Namespace gpu
    nodes Node c all short=no hash=XwShjMxG9Fs=
    /proxy NodeProxyOptions create,delete,get,patch,update
    /status Node gpu
    persistentvolumeclaims PersistentVolumeClaim n all short=pvc hash=QWTyNDq0dC4=
    /status PersistentVolumeClaim gpu
    persistentvolumes PersistentVolume c all short=pv hash=HN/zwEC+JgM=
    /status PersistentVolume gpu
    pods Pod n all short=po in=all hash=xPOwRZ+Yhw8=
    /attach PodAttachOptions create,get
    /binding Binding create
    /ephemeralcontainers Pod gpu
    /eviction Eviction create as=policy/v1
    /exec PodExecOptions create,get
    /log Pod get
    /portforward PodPortForwardOptions create,get
    /proxy PodProxyOptions create,delete,get,patch,update
    /resize Pod gpu
    /status Pod gpu
    podtemplates PodTemplate n all hash=LIXB2x4IFpk=
    replicationcontrollers ReplicationController n all short=rc in=all hash=Jond2If31h0=
    /scale Scale gpu as=autoscaling/v1
    /status ReplicationController gpu
    resourcequotas ResourceQuota n all short=quota hash=8uhSgffRX6w=
    /status ResourceQuota gpu
    secrets Secret n all hash=S6u1pOWzb84=
    serviceaccounts ServiceAccount n all short=sa hash=pbx9ZvyFpBE=
    /token TokenRequest create as=authentication.k8s.io/v1
    services Service n all short=svc in=all hash=0/CO1lhkEBI=
    /proxy ServiceProxyOptions create,delete,get,patch,update
    /status Service gpu
    # apiregistration.k8s.io/v1
    apiservices APIService c all in=api-extensions hash=InPBPD7+PqM=
    /status APIService gpu
    # apps/v1
    controllerrevisions ControllerRevision n all hash=85nkx63pcBU=
    daemonsets DaemonSet n all short=ds in=all hash=dd7pWHUlMKQ=
    /status DaemonSet gpu
    deployments Deployment n all short=deploy in=all hash=8aSe+NMegvE=
    /scale Scale gpu as=autoscaling/v1
    /status Deployment gpu
    replicasets ReplicaSet n all short=rs in=all hash=P1RzHs8/mWQ=
    /scale Scale gpu as=autoscaling/v1
    /status ReplicaSet gpu
    statefulsets StatefulSet n all short=sts in=all hash=H+vl74LkKdo=
    /scale Scale gpu as=autoscaling/v1
    /status StatefulSet gpu
    # events.k8s.io/v1
    events Event n all short=ev hash=x51sC10/5OA=
    # authentication.k8s.io/v1
    selfsubjectreviews SelfSubjectReview c create
    tokenreviews TokenReview c create
    # authorization.k8s.io/v1
    localsubjectaccessreviews LocalSubjectAccessReview n create
    selfsubjectaccessreviews SelfSubjectAccessReview c create
    selfsubjectrulesreviews SelfSubjectRulesReview c create
    subjectaccessreviews SubjectAccessReview c create
    # autoscaling/v2
    horizontalpodautoscalers HorizontalPodAutoscaler n all short=hpa in=all hash=qwQve8ut294=
    /status HorizontalPodAutoscaler gpu
    # autoscaling/v1
    horizontalpodautoscalers HorizontalPodAutoscaler n all short=hpa in=all hash=oQlkt7f5j/A=
    /status HorizontalPodAutoscaler gpu
    # batch/v1
    cronjobs CronJob n all short=cj in=all hash=sd5LIXh4Fjs=
    /status CronJob gpu
    jobs Job n all in=all hash=mudhfqk/qZY=
    /status Job gpu
    # certificates.k8s.io/v1
    certificatesigningrequests CertificateSigningRequest c all short=csr hash=95fRKMXA+00=
    /approval CertificateSigningRequest gpu
    /status CertificateSigningRequest gpu
    # networking.k8s.io/v1
    ingressclasses IngressClass c all hash=l/iqIbDgFyQ=
    ingresses Ingress n all short=ing hash=39NQlfNR+bo=
    /status Ingress gpu
    ipaddresses IPAddress c all short=ip hash=3f/plJFChNE=
    networkpolicies NetworkPolicy n all short=netpol hash=YpfwF18m1G8=
    servicecidrs ServiceCIDR c all hash=gNLvruQhW2g=
    /status ServiceCIDR gpu
    # policy/v1
    poddisruptionbudgets PodDisruptionBudget n all short=pdb hash=EVWiDmWqyJw=
    /status PodDisruptionBudget gpu
    # rbac.authorization.k8s.io/v1
    clusterrolebindings ClusterRoleBinding c all hash=48tpQ8gZHFc=
    clusterroles ClusterRole c all hash=bYE5ZWDrJ44=
    rolebindings RoleBinding n all hash=eGsCzGH6b1g=
    roles Role n all hash=7FuwZcIIItM=
    # storage.k8s.io/v1
    csidrivers CSIDriver c all hash=hL6j/rwBV5w=
    csinodes CSINode c all hash=Pe62DkZtjuo=
    csistoragecapacities CSIStorageCapacity n all hash=xeVl+2Ly1kE=
    storageclasses StorageClass c all short=sc hash=K+m6uJwbjGY=
    volumeattachments VolumeAttachment c all hash=tJx/ezt6UDU=
    /status VolumeAttachment gpu
    volumeattributesclasses VolumeAttributesClass c all short=vac hash=tIjydgKBC5w=
    # admissionregistration.k8s.io/v1
    mutatingadmissionpolicies MutatingAdmissionPolicy c all in=api-extensions hash=mHCkTKpUTrE=
    mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding c all in=api-extensions \
    hash=ZKgZT1uTmZ0=
    mutatingwebhookconfigurations MutatingWebhookConfiguration c all in=api-extensions \
    hash=Sqi0GUgDaX0=
    validatingadmissionpolicies ValidatingAdmissionPolicy c all in=api-extensions hash=6OxvlMmQ6is=
    /status ValidatingAdmissionPolicy gpu
    validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding c all in=api-extensions \
    hash=v9715VZqakg=
    validatingwebhookconfigurations ValidatingWebhookConfiguration c all in=api-extensions \
    hash=B0wHjQmsGNk=
    # apiextensions.k8s.io/v1
    customresourcedefinitions CustomResourceDefinition c all short=crd,crds in=api-extensions \
    hash=jfWCUB31mvA=
    /status CustomResourceDefinition gpu
    # scheduling.k8s.io/v1
    priorityclasses PriorityClass c all short=pc hash=1QwjyaZjj3Y=
    # coordination.k8s.io/v1
    leases Lease n all hash=gqkMMb/YqFM=
    # node.k8s.io/v1
    runtimeclasses RuntimeClass c all hash=WQTu1GL3T2Q=
    # discovery.k8s.io/v1
    endpointslices EndpointSlice n all hash=qgS0xkrxYAI=
    # resource.k8s.io/v1
    deviceclasses DeviceClass c all hash=Yk2PTc1Ybxk=
    resourceclaims ResourceClaim n all hash=wgAZaHcZxUg=
    /status ResourceClaim gpu
    resourceclaimtemplates ResourceClaimTemplate n all hash=TuzjC49aUfM=
    resourceslices ResourceSlice c all hash=KsC072WgaEY=
    # flowcontrol.apiserver.k8s.io/v1
    flowschemas FlowSchema c all hash=GJVAJZSZBIw=
    /status FlowSchema gpu
    prioritylevelconfigurations PriorityLevelConfiguration c all hash=Kir5PVfvNeI=
    /status PriorityLevelConfiguration gpu
    """
}
